#include "tree.h"

#include <stdexcept>

namespace binding {
namespace {

bool is_sequence(py::handle value) {
  return PyList_Check(value.ptr()) || PyTuple_Check(value.ptr());
}

bool is_array(py::handle value) {
  return py::isinstance<mx::array>(value);
}

// Items of any mapping derived from dict: mlx.nn modules are.
py::list items_of(py::handle dict) {
  return py::list(py::module_::import("builtins").attr("dict").attr("items")(dict));
}

}  // namespace

void visit_leaves(py::handle tree, const std::function<void(py::handle)>& leaf) {
  if (is_sequence(tree)) {
    for (auto item : py::reinterpret_borrow<py::sequence>(tree)) {
      visit_leaves(item, leaf);
    }
  } else if (PyDict_Check(tree.ptr())) {
    for (auto item : items_of(tree)) {
      visit_leaves(item.cast<py::tuple>()[1], leaf);
    }
  } else {
    leaf(tree);
  }
}

std::vector<mx::array> arrays_in(py::handle tree) {
  std::vector<mx::array> arrays;
  visit_leaves(tree, [&](py::handle leaf) {
    if (is_array(leaf)) {
      arrays.push_back(leaf.cast<mx::array>());
    }
  });
  return arrays;
}

py::object with_arrays(py::handle tree, const std::vector<mx::array>& arrays, size_t& next) {
  if (is_array(tree)) {
    return py::cast(arrays.at(next++));
  }
  if (is_sequence(tree)) {
    py::list items;
    for (auto item : py::reinterpret_borrow<py::sequence>(tree)) {
      items.append(with_arrays(item, arrays, next));
    }
    if (PyList_Check(tree.ptr())) {
      return items;
    }
    auto type = py::type::of(tree);
    bool named = py::hasattr(type, "_make");
    return named ? type.attr("_make")(items) : py::object(py::tuple(items));
  }
  if (PyDict_Check(tree.ptr())) {
    py::dict result;
    for (auto item : items_of(tree)) {
      auto pair = item.cast<py::tuple>();
      result[pair[0]] = with_arrays(pair[1], arrays, next);
    }
    return result;
  }
  return py::reinterpret_borrow<py::object>(tree);
}

void assign_arrays(py::handle tree, const std::vector<mx::array>& arrays, size_t& next) {
  auto assign = [&](const py::object& child, const auto& write) {
    if (is_array(child)) {
      write(py::cast(arrays.at(next++)));
    } else {
      assign_arrays(child, arrays, next);
    }
  };
  if (PyList_Check(tree.ptr())) {
    auto list = py::reinterpret_borrow<py::list>(tree);
    for (size_t i = 0; i < list.size(); ++i) {
      assign(list[i], [&](const py::object& value) { list[i] = value; });
    }
  } else if (PyDict_Check(tree.ptr())) {
    for (auto item : items_of(tree)) {
      auto pair = item.cast<py::tuple>();
      assign(pair[1], [&](const py::object& value) {
        PyDict_SetItem(tree.ptr(), py::object(pair[0]).ptr(), value.ptr());
      });
    }
  } else if (PyTuple_Check(tree.ptr())) {
    for (auto item : py::reinterpret_borrow<py::tuple>(tree)) {
      if (is_array(item)) {
        throw std::invalid_argument("[compile] Arrays to be changed must be held by a list or dict.");
      }
      assign_arrays(item, arrays, next);
    }
  }
}

}  // namespace binding
