"""What the four assignments promise: their functions, in order, and how their modules are read."""

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from autograder.handout import materials
from tests.repository import SOLUTIONS

CONTRACT = {
    "a1_noisy_labels": "log_likelihood log_likelihood_grad posterior soft_cross_entropy soft_cross_entropy_grad "
    "jensen_gap mlp_objective fit lower_bound_derivation",
    "a2_kl_factorized": "kl joint kl_factorized decomposition_derivation",
    "a3_kl_normal": "kl_normal kl_normal_grad kl_normal_derivation",
    "a4_smooth_ap": "average_precision flat_radius pair_loss triplet_loss triplet_loss_grad expected_indicator "
    "smooth_ap smooth_ap_grad smooth_ap_embedding_grad smooth_map smooth_map_grad surrogate_derivation "
    "expectation_derivation",
}
MODULES = {material.name: material.module for material in materials(SOLUTIONS)}
every_assignment = pytest.mark.parametrize("name", CONTRACT)


def functions(source: str) -> dict[str, ast.FunctionDef]:
    """The functions at the top of a module, by name."""
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def load(path: Path, name: str) -> ModuleType:
    """A module from its file, under a name of its own."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None, f"{path} is no module"
    assert spec.loader is not None, f"{path} cannot be loaded"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
