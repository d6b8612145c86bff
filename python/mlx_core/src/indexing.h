// Python's indexing of arrays.
#pragma once

#include "binding.h"

namespace binding {

// array[index] for integers, slices, None, ..., integer arrays and lists, with NumPy's placing of the
// indexed axes. Negative positions count from the end; positions are not checked against the shape,
// as MLX has it.
mx::array item_at(const mx::array& array, const py::object& index);

// The positions, in the flattened array, of the elements that an index selects, shaped as
// `array[index]`.
mx::array positions_at(const mx::array& array, const py::object& index);

// The array with a slice replaced, where the index is made of integers, slices, None and ... alone.
std::optional<mx::array>
with_slice(const mx::array& array, const py::object& index, const mx::array& value);

// The array with the elements at an index replaced.
mx::array with_item(const mx::array& array, const py::object& index, const py::object& value);

}  // namespace binding
