"""The engine's own tests, audited as the engine audits others: mutants of the engine, which its tests must notice.

Run as `python -m tests.engine_audit [MODULE ...]`; `make audit-engine` does it with what it needs installed.
"""
