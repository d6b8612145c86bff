// What every file of the binding shares: the two libraries, their short names, and one function per
// subject that adds its part to the module.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mlx/array.h"
#include "mlx/ops.h"
#include "mlx/transforms.h"
#include "mlx/utils.h"

namespace py = pybind11;
namespace mx = mlx::core;

#include "shape_caster.h"

namespace binding {

using mx::StreamOrDevice;
using ArrayClass = py::class_<mx::array>;

// An axis argument as Python gives it: None for all, one number, or several.
using Axes = std::variant<std::monostate, int, std::vector<int>>;

// The axes that an argument names, every axis of the array for None.
std::vector<int> axes_of(const mx::array& array, const Axes& axes);

inline py::arg_v stream_argument() {
  return py::arg("stream") = py::none();
}

// Evaluates without holding the interpreter's lock, so that other threads build graphs meanwhile.
void evaluate(std::vector<mx::array> arrays);

// Raises KeyboardInterrupt if this thread was told to stop. Evaluation, conversions of Python's values, operators and compiled
// functions ask it; functions that take and give arrays alone do not.
void stop_if_told();

void define_dtypes(py::module_& module);
void define_devices(py::module_& module);
void define_memory(py::module_& module);
ArrayClass define_array(py::module_& module);
void define_operators(ArrayClass& type);
void define_indexing(ArrayClass& type);
void define_updates(py::module_& module, ArrayClass& type);
void define_creation(py::module_& module);
void define_unary(py::module_& module, ArrayClass& type);
void define_binary(py::module_& module);
void define_shaping(py::module_& module, ArrayClass& type);
void define_joining(py::module_& module, ArrayClass& type);
void define_selection(py::module_& module);
void define_sorting(py::module_& module);
void define_reductions(py::module_& module, ArrayClass& type);
void define_scans(py::module_& module, ArrayClass& type);
void define_products(py::module_& module);
void define_convolutions(py::module_& module);
void define_quantisation(py::module_& module);
void define_linalg(py::module_& module);
void define_fast(py::module_& module);
void define_random(py::module_& module);
void define_io(py::module_& module);
void define_transforms(py::module_& module);
void define_compile(py::module_& module);
void define_distributed(py::module_& module);
void define_threads(py::module_& module);

}  // namespace binding
