"""The sample class as each platform would hand it out, with names that people and attackers have.

Every function makes the files of one download by path. What a name looks like is said in the layout's own module; it is
made here once more, from the platforms' rules, so that the two can disagree.
"""

import io
import re
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.repository import SAMPLE_CLASS

SAMPLE = SAMPLE_CLASS / "submissions"
Files = dict[str, bytes]


@dataclass(frozen=True)
class Student:
    """One of the sample class under a name of this class."""

    sample: str
    name: str
    number: int
    files: Mapping[str, bytes]

    @property
    def user(self) -> str:
        return f"user{self.number}"

    @property
    def email(self) -> str:
        return f"{self.user}@example.org"


# Names as people, and people who try things, enter them.
ODD_NAMES = (
    "Žofie Nováková",
    "محمد الأحمد",
    "-rf Smith",
    "=cmd|' /C calc'!A0",
    "Séan O'Brien",
    "李小龙",
    "Ann  de_la_Cruz 3rd",
    "a\u202eb Müller",
    "Anne Marie Example-Long",
    "../../etc passwd",
)
# Right, wrong and odd work, as folders and as zips, that is quick to grade.
SAMPLES = (
    "perfect_compact",
    "mistakes_1",
    "wrong_shapes",
    "helper_modules",
    "two_modules",
    "renamed_file",
    "nested_zip_folders.zip",
    "missing_file.zip",
    "damaged.zip",
    "no_python_file",
)


def files_of(sample: str) -> Files:
    """What a student of the sample class handed in, by path; a zip is one file."""
    path = SAMPLE / sample
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {
        str(found.relative_to(path)): found.read_bytes()
        for found in sorted(path.rglob("*"))
        if found.is_file() and "__pycache__" not in found.parts
    }


def the_class(samples: Sequence[str] = SAMPLES) -> list[Student]:
    return [
        Student(sample, ODD_NAMES[at % len(ODD_NAMES)] + " II" * (at // len(ODD_NAMES)), 101 + at, files_of(sample))
        for at, sample in enumerate(samples)
    ]


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of a student's files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def flat(files: Mapping[str, bytes]) -> Files:
    """The files as a student uploads them where there are no folders: one by one if that says the same, or as a zip."""
    names = [path.rpartition("/")[2] for path in files]
    modules_alone = all(path.count("/") <= 1 for path in files)
    if len(set(names)) == len(names) and modules_alone:
        return {path.rpartition("/")[2]: content for path, content in files.items()}
    return {"my work.zip": packed(files)}


def folders(students: Sequence[Student]) -> Files:
    """A folder per student, zips beside them: the layout that all others are held against."""
    return {
        path if path == student.sample else f"{student.sample}/{path}": content
        for student in students
        for path, content in student.files.items()
    }


def zips(students: Sequence[Student]) -> Files:
    """One zip per student."""
    return {
        f"{student.sample.removesuffix('.zip')}.zip": student.files.get(student.sample) or packed(student.files)
        if student.sample != "damaged.zip"
        else b""
        for student in students
    }


def moodle_clean(name: str) -> str:
    """Moodle's clean_filename."""
    return re.sub(r"[\x00-\x1f\x7f&<>\"`|':\\/]", "", name)


def moodle_prefix(student: Student, *, blind: bool = False) -> str:
    name = "Participant" if blind else student.name
    return moodle_clean(f"{name.replace('_', ' ')}_{student.number}")


def moodle(students: Sequence[Student], ending: str = "", blind: bool = False) -> Files:
    """Moodle's download in folders; older versions end them with "_"."""
    return {
        f"{moodle_prefix(student, blind=blind)}_assignsubmission_file{ending}/{path}": content
        for student in students
        for path, content in student.files.items()
    }


def moodle_flat(students: Sequence[Student]) -> Files:
    """Moodle's download without folders."""
    return {
        f"{moodle_prefix(student)}_assignsubmission_file_{moodle_clean(path)}": content
        for student in students
        for path, content in flat(student.files).items()
    }


def canvas_user(name: str) -> str:
    """canvas-lms: sanitize_user_name and sanitize_file_name."""
    return re.sub(r"\W", "", re.sub(r"_(\d+)_", r"\1", name).lower())


def sortable(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else last


def canvas(students: Sequence[Student], *, anonymous: bool = False) -> Files:
    """Canvas's download. Every third is late, every second handed in once more."""
    found: Files = {}
    upload = 7001
    for at, student in enumerate(students):
        who = f"anon_{student.number:05x}" if anonymous else str(student.number)
        parts = ["" if anonymous else canvas_user(sortable(student.name)), "LATE" if at % 3 == 0 else "", who]
        prefix = "_".join(part for part in parts if part)
        for path, content in flat(student.files).items():
            stem, dot, ending = path.partition(".")
            again = "-1" if at % 2 and ending in ("py", "zip", "md") else ""
            found[f"{prefix}_{upload}_{stem}{again}{dot}{ending}"] = content
            upload += 1
    return found


def quoted(text: str) -> str:
    """A text as Ruby's Psych writes it, where it is not plain."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\u202e", "\\u202E")
    return f'"{escaped}"'


def gradescope(students: Sequence[Student], groups: Sequence[Sequence[int]] = ()) -> Files:
    """Gradescope's export; `groups` are places in `students`: the first hands in for all."""
    of = {group[0]: group for group in groups}
    followers = {place for group in groups for place in group[1:]}
    found: Files = {}
    lines = ["---"]
    for at, student in enumerate(students):
        if at in followers:
            continue
        folder = f"submission_{9000 + student.number}"
        lines += [f"{folder}:", "  :submitters:"]
        for place in of.get(at, (at,)):
            member = students[place]
            lines += [
                f"  - :name: {quoted(member.name)}",
                f"    :sid: '{member.number}'",
                f"    :email: {member.email}",
            ]
        lines += [
            f"  :created_at: 2026-05-{10 + at % 20:02} 01:53:32.867655000 Z",
            "  :score: 3.0",
            "  :status: processed",
            "  :results:",
            "    tests:",
            "    - name: public",
            "      output: |-",
            "        :submitters: not these",
            "  :history:",
            "  - :created_at: 2026-05-01 01:53:32.867655000 Z",
            "    :score: 1.0",
        ]
        for path, content in student.files.items():
            found[f"assignment_4_export/{folder}/{path}"] = content
    found["assignment_4_export/submission_metadata.yml"] = ("\n".join(lines) + "\n").encode()
    return found


def nbgrader(students: Sequence[Student]) -> Files:
    """nbgrader's submitted folder: its assignments are folders, with a time in each."""
    found: Files = {}
    for at, student in enumerate(students):
        top = f"submitted/{student.user}"
        for path, content in student.files.items():
            inside = path if "/" in path else f"homework/{path}"
            found[f"{top}/{inside}"] = content
            assignment = inside.partition("/")[0]
            found[f"{top}/{assignment}/timestamp.txt"] = f"2026-05-{10 + at:02} 15:58:23.948203 UTC".encode()
    found["source/a1/a1.ipynb"] = b"{}"
    return found


def classroom(students: Sequence[Student]) -> Files:
    """GitHub Classroom's clones."""
    found: Files = {}
    for student in students:
        top = f"week6-submissions/week6-{student.user}"
        found[f"{top}/.git/config"] = b"[core]\n\tfsmonitor = touch /tmp/run-by-git\n"
        found[f"{top}/.git/smooth_ap.py"] = b"raise SystemExit\n"
        for path, content in student.files.items():
            found[f"{top}/{path}"] = content
    return found


def as_folder(files: Mapping[str, bytes], path: Path) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def as_zip(files: Mapping[str, bytes], path: Path) -> Path:
    path = path.with_name(f"{path.name}.zip")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(files))
    return path


Container = Callable[[Mapping[str, bytes], Path], Path]


def write_samples(folder: Path, samples: Sequence[str] = SAMPLES) -> None:
    """Write the class in every layout, to look at and to try: `python -m tests.submissions.layouts.building DIR`."""
    students = the_class(samples)
    made = {
        "folders": folders(students),
        "zips": zips(students),
        "moodle": moodle(students),
        "moodle_flat": moodle_flat(students),
        "moodle_blind": moodle(students, "_", blind=True),
        "canvas": canvas(students),
        "canvas_anonymous": canvas(students, anonymous=True),
        "gradescope": gradescope(students),
        "gradescope_groups": gradescope(students, groups=[(0, 3), (1, 2, 4)]),
        "nbgrader": nbgrader(students),
        "classroom": classroom(students),
    }
    for name, files in made.items():
        as_folder(files, folder / name)
        as_zip(files, folder / name)


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]), sorted(path.name for path in SAMPLE.iterdir()))
