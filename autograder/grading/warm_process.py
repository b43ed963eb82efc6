"""The processes that grade for a program which goes on running: one that makes the exam, and forks the others.

The program may have threads, open files and connections, none of which a process that is forked from it should have. So
a fresh one is started, which loads the references and makes the exam; it has one thread, and forks a worker whenever it
is sent the end of a pipe. All end when the program closes its ends, or ends itself.
"""

import os
import signal
import socket
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import assert_never

from msgspec.structs import replace

from autograder.errors import AutograderError
from autograder.grading.one_submission import GradedSubmission, graded_alone
from autograder.grading.plan import LoadedCourse, everything, load_course
from autograder.grading.run import choose_tier, shared_exam
from autograder.grading.warm_messages import (
    NEW_WORKER,
    READY,
    ExamReady,
    FilesRequest,
    FolderRequest,
    GivenUpRequest,
    Refusal,
    Request,
    WarmSettings,
    encoded,
    request_of,
    settings_of,
)
from autograder.grading.workers import Run, Worker, failed
from autograder.records.fingerprint import digest, engine_hash
from autograder.submissions import Entry, Submission, read_submission
from autograder.submissions.in_memory import read_files
from autograder.submissions.submission import Piece

CHANGES_RECORDS = False


def prepared(settings: WarmSettings) -> Run:
    """What all submissions share.

    Raises:
        AutograderError: nothing can be graded, and why.
    """
    loaded = load_course(Path(os.fsdecode(settings.solutions)), settings.assignments, settings.seed, None)
    return Run(
        loaded,
        shared_exam(loaded, settings.seed),
        settings.seed,
        choose_tier(settings.isolation, {"the folder of references": loaded.folder}),
    )


def asked_hash(loaded: LoadedCourse) -> str:
    """Of all that is asked of everybody, and of the engine."""
    hashes = loaded.hashes("")
    asked = [part for name in loaded.chosen for pair in sorted(hashes[name].items()) for part in (name, *pair)]
    return digest([engine_hash(), *asked])


def _read(loaded: LoadedCourse, request: FolderRequest | FilesRequest) -> Submission:
    if isinstance(request, FilesRequest):
        return read_files(request.student, request.files, loaded.modules, request.handed_in)
    pieces = (Piece(os.fsdecode(request.only)),) if request.only else ()
    entry = Entry(request.student, Path(os.fsdecode(request.path)), pieces, handed_in=request.handed_in)
    return read_submission(entry, loaded.modules)


def graded(worker: Worker, request: Request) -> GradedSubmission:
    """The record and the score of one submission; whatever is wrong stands in it."""
    started = time.perf_counter()
    run, wanted = worker.run, everything(worker.run.loaded)
    match request:
        case GivenUpRequest(student, why):
            result = failed(run, student, wanted, RuntimeError(why))
        case FolderRequest() | FilesRequest():
            result, _ = worker.record(request.student, wanted, lambda: _read(run.loaded, request))
            result = replace(result, handed_in=result.handed_in or request.handed_in)
        case _:
            assert_never(request)
    return graded_alone(run.loaded, result, run.tier, started)


def work(run: Run, pipe: Connection) -> None:
    """In a worker: grade until the program hangs up."""
    worker = Worker(run)
    try:
        pipe.send_bytes(READY)
        while True:
            pipe.send_bytes(encoded(graded(worker, request_of(pipe.recv_bytes()))))
    except (EOFError, ConnectionError):
        pass
    finally:
        worker.close()


def serve(control: socket.socket, run: Run) -> None:
    """Fork a worker for each end of a pipe, until the program hangs up."""
    # Nobody waits for a worker; what it starts itself, it waits for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, len(NEW_WORKER), 1)
        if not message:
            # The workers are of this process's own group; what one is at, nobody waits for.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.killpg(0, signal.SIGTERM)
            return
        if os.fork() == 0:
            code = 1
            try:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                control.close()
                work(run, Connection(descriptors[0]))
                code = 0
            except Exception as error:
                print(f"autograder: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            finally:
                os._exit(code)
        for descriptor in descriptors:
            os.close(descriptor)


def main(descriptor: int) -> None:
    """Serve on the socket of this number; the settings come first."""
    # What references print is not for the program's output.
    os.dup2(2, 1)
    control = socket.socket(fileno=descriptor)
    pipe = Connection(os.dup(descriptor))
    try:
        settings = settings_of(pipe.recv_bytes())
        try:
            run = prepared(settings)
        except AutograderError as error:
            pipe.send_bytes(encoded(Refusal(type(error).__name__, str(error))))
            return
        pipe.send_bytes(encoded(ExamReady(asked_hash(run.loaded))))
        pipe.close()
        serve(control, run)
    except (EOFError, ConnectionError):
        # The program has gone.
        return
