"""The record of a student: what it holds, where it is kept, what it was made from, who may see what of it."""
