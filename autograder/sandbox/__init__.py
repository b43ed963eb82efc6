"""The only code that knows of processes: a student's functions are called here, and only values come back.

`slot` is the trusted side. Everything below `inside` runs with the student's code and sees arguments, never answers.
"""
