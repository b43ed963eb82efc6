"""Makes the zip that is uploaded to Gradescope: scripts, engine, references, and wheels for machines offline."""

import importlib.resources
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import msgspec

import autograder
from autograder.course.solutions import load_solutions
from autograder.errors import BuildError
from autograder.exports.results_json import encoded, withheld
from autograder.files.zips import Content, write_zip
from autograder.integrations.carrying import carried
from autograder.integrations.gradescope.zip_settings import ENGINE, SETTINGS, SOLUTIONS, UNFINISHED, Settings

PACKAGE = "seminar-autograder"
# Of Ubuntu 22.04 (glibc 2.35) and later.
PLATFORMS = [f"manylinux_2_{minor}_x86_64" for minor in range(35, 16, -1)] + ["manylinux2014_x86_64"]


@dataclass(frozen=True, slots=True)
class BuiltZip:
    """What was made: the points that the autograder gives, and the pins and wheels in the zip."""

    points: float
    written: float
    requirements: tuple[str, ...]
    wheels: tuple[str, ...]


def build(
    solutions: Path,
    out: Path,
    names: Sequence[str] | None = None,
    settings: Settings | None = None,
    more: Path | None = None,
    wheels_for: str | None = None,
) -> BuiltZip:
    """Write the zip.

    Args:
        solutions: the folder of the references.
        out: the zip.
        names: of the assignments to grade; default all.
        settings: of the autograder; its assignments are those of `names`.
        more: a file of requirements that the references need beside NumPy.
        wheels_for: a version of Python ("3.12") for which all wheels are packed.

    Raises:
        SolutionsError: something is wrong in the folder of the references, or a name is unknown.
        BuildError: the zip cannot be made.
    """
    chosen = load_solutions(solutions, names)
    settings = msgspec.structs.replace(
        settings or Settings(()), assignments=tuple(solution.assignment.name for solution in chosen)
    )
    pins = [*_pins(PACKAGE), *_lines(more)]
    package = Path(autograder.__file__).parent
    files: dict[str, Content] = {f"{ENGINE}/{package.name}/{name}": path for name, path in carried(package).items()}
    files |= {f"{SOLUTIONS}/{name}": path for name, path in carried(solutions).items()}
    files |= {
        SETTINGS: msgspec.json.format(msgspec.json.encode(settings), indent=2),
        UNFINISHED: encoded(withheld("It was ended before it was done: out of memory or time, or never started.")),
        "requirements.txt": ("\n".join(pins) + "\n").encode(),
        "python-version": (wheels_for or "").encode(),
    }
    scripts = importlib.resources.files("autograder.integrations.gradescope") / "files"
    programs = {name: (scripts / name).read_bytes() for name in ("setup.sh", "run_autograder")}
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        wheels = _wheels(pins, wheels_for, Path(folder)) if wheels_for else []
        files |= {f"wheels/{path.name}": path for path in wheels}
        write_zip(out, {**files, **programs}, programs=programs)
    return BuiltZip(
        sum(check.points for solution in chosen for check in solution.assignment.checks),
        sum(answer.points for solution in chosen for answer in solution.written),
        tuple(pins),
        tuple(path.name for path in wheels),
    )


def _lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{file} cannot be read: {error}") from error
    return [line for line in lines if line and not line.startswith("#")]


def _pins(package: str) -> list[str]:
    """A package's requirements and theirs, in the versions that are installed here: those that were tried out.

    Raises:
        BuildError: one is not installed.
    """
    found: dict[str, str] = {}
    waiting = [package]
    while waiting:
        try:
            distribution = metadata.distribution(waiting.pop())
        except metadata.PackageNotFoundError as error:
            raise BuildError(
                f"{error.name} is not installed here, so that its version cannot be pinned: install {PACKAGE} with pip"
            ) from error
        for requirement in _needed(distribution.requires or ()):
            if requirement.casefold() not in found:
                found[requirement.casefold()] = f"{requirement}=={metadata.version(requirement)}"
                waiting.append(requirement)
    return [found[name] for name in sorted(found)]


def _needed(requirements: Iterable[str]) -> Iterator[str]:
    """The names in requirements that hold for Linux and this version of Python, extras apart."""
    from packaging.requirements import Requirement

    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": "", "sys_platform": "linux"}):
            yield requirement.name


def _wheels(pins: Sequence[str], python: str, folder: Path) -> list[Path]:
    """Download the wheels of all pins, and of pip, for a version of Python on Linux.

    Raises:
        BuildError: pip could not get them all.
    """
    platforms = [part for platform in PLATFORMS for part in ("--platform", platform)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--python-version", python, "--implementation", "cp", *platforms]
    done = subprocess.run([*command, "--dest", str(folder), *pins, "pip"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"pip could not download the wheels for Python {python}:\n{done.stderr.strip()[-2000:]}")
    return sorted(folder.glob("*.whl"))
