"""All that people read, made from records alone: pages, pictures, PDF, text. Nothing here grades."""

CHANGES_RECORDS = False
