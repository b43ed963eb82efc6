"""Who is who and what counts: people and rosters, marks that people give, the course's policy, final scores."""

CHANGES_RECORDS = False
