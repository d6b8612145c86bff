"""mlx_lm's model files without the rest of mlx_lm.

`import mlx_lm` also brings its text generation with transformers and numpy, which a model's forward
pass does not need and GraalPy does not have.
"""

import importlib
import importlib.util
import sys
import types


def import_model(name: str) -> types.ModuleType:
    """The module `mlx_lm.models.<name>`."""
    if "mlx_lm" not in sys.modules:
        found = importlib.util.find_spec("mlx_lm")
        if found is None:
            raise ImportError("mlx_lm is not installed: pip install --no-deps mlx-lm")
        package = types.ModuleType("mlx_lm")
        package.__path__ = list(found.submodule_search_locations)
        package.__spec__ = found
        sys.modules["mlx_lm"] = package
    return importlib.import_module(f"mlx_lm.models.{name}")
