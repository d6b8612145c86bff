// Trees of Python containers with arrays at the leaves.
#pragma once

#include <functional>

#include "binding.h"

namespace binding {

// Calls back for every leaf of nested lists, tuples and dicts, in order.
void visit_leaves(py::handle tree, const std::function<void(py::handle)>& leaf);

// The arrays among the leaves, in order.
std::vector<mx::array> arrays_in(py::handle tree);

// The same tree with every array replaced, in order, by one from `arrays`, starting at `next`, which
// moves on. Leaves that are no arrays stay.
py::object with_arrays(py::handle tree, const std::vector<mx::array>& arrays, size_t& next);

// Writes the arrays back into the containers that hold them: lists and dicts are changed in place.
void assign_arrays(py::handle tree, const std::vector<mx::array>& arrays, size_t& next);

}  // namespace binding
