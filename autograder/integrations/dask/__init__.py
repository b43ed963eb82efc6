"""Grading on a Dask cluster: `backend` is on the machine that asks, the rest runs where a submission is graded."""
