"""How much of one submission is looked at. Ordinary work stays far below; whatever lies above is named in a note."""

MODULE_BYTES = 1_000_000
ANSWERS_BYTES = 1_000_000
# A notebook as a file, and what is left of it without its outputs: code, texts, and pictures that are attached to them.
# Its code cells together may have as many bytes as a module. Values in its JSON, decoded, take about a hundred bytes
# each. Outputs are not decoded; texts and brackets in them are passed over one by one.
NOTEBOOK_FILE_BYTES = 60_000_000
NOTEBOOK_BYTES = 16_000_000
OUTPUT_TOKENS = 3_000_000
NOTEBOOK_CELLS = 5_000
NOTEBOOK_VALUES = 1_000_000
# The Python files of one work: the module and the helpers in its folder and below.
WORK_BYTES = 4_000_000
WORK_FILES = 200
# All that is read of one submission, inflated, whatever comes of it.
SUBMISSION_BYTES = 64_000_000
# Files and folders looked at, in a folder or a zip; folders above a file; characters of a path in a zip.
FILES = 10_000
DEPTH = 16
PATH_CHARACTERS = 4_096
# A zip's table of contents. zipfile holds it at about six times its size.
ZIP_DIRECTORY_BYTES = 6_000_000
# That of a whole class in one zip: about 100 bytes a file, so 5,000 students with 60 files each.
BULK_DIRECTORY_BYTES = 32_000_000
# Of archives inside a submission: how many are opened, how many may lie in one another, and how large those may be
# together that are held in memory: inside a zip, or of the kind that is read from its beginning (.tar.gz).
INNER_ARCHIVES = 20
NESTED_ARCHIVES = 2
INNER_ARCHIVE_BYTES = 64_000_000
# Read at a time, so that what a zip inflates to is counted before there is more of it.
CHUNK_BYTES = 65_536
# Written work that is no text (PDF, pictures): how many of one assignment are told, how much of a PDF is looked through
# for its pages, and the beginning by which each is known again. None is limited in size: nothing else of it is read.
ATTACHMENTS = 50
PDF_BYTES = 4_000_000
KNOWN_BY_BYTES = 65_536
# Files looked at for work under another name; of one assignment.
OTHER_FILES = 20
# Files of one assignment that are told as left out.
LEFT_OUT = 20
# Notes of one kind.
NOTES_OF_A_KIND = 5
# What a platform writes beside the submissions: Gradescope's metadata, and nbgrader's times.
METADATA_BYTES = 256_000_000
CLOCK_BYTES = 1_000
