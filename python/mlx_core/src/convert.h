// Values between Python and MLX.
#pragma once

#include "binding.h"

namespace binding {

// The array that `mlx.core.array(value, dtype)` makes: from a scalar, nested lists, another array,
// or anything that offers a buffer.
mx::array array_from(py::handle value, std::optional<mx::Dtype> dtype);

// An array from anything that offers a buffer. 64-bit floats become 32-bit ones, unless asked for.
mx::array array_from_buffer(py::handle value, std::optional<mx::Dtype> dtype);

// An operand beside an array of type `other`: a scalar takes that type where it can hold the scalar.
mx::array operand(
    py::handle value,
    std::optional<mx::Dtype> other = std::nullopt,
    const char* operation = "this operation");

// Both operands of a binary operation; a scalar adapts to the array beside it.
std::pair<mx::array, mx::array>
operands(py::handle a, py::handle b, const char* operation = "this operation");

// True where an operand can be made of the value.
bool is_operand(py::handle value);

// A Python scalar for an array of one element.
py::object scalar_of(mx::array array);

// Nested lists of Python scalars.
py::object list_of(mx::array array);

// The elements in row order, as they lie in memory.
py::bytes bytes_of(mx::array array);

}  // namespace binding
