#include <stdexcept>

#include "convert.h"
#include "indexing.h"

namespace binding {
namespace {

using Scatter = mx::array (*)(
    const mx::array&, const std::vector<mx::array>&, const mx::array&, const std::vector<int>&, StreamOrDevice);

// Leading axes of one do not matter: a value may have more axes than what it is written to.
mx::array without_leading_ones(mx::array value, size_t ndim) {
  while (value.ndim() > ndim && value.shape(0) == 1) {
    value = mx::squeeze(value, 0);
  }
  return value;
}

// An update goes through the flattened array: the elements an index selects are known by position,
// and one kind of scatter serves every kind of index.
mx::array scattered(
    const mx::array& array, const py::object& index, const mx::array& value, Scatter scatter) {
  auto positions = positions_at(array, index);
  auto updates = mx::broadcast_to(without_leading_ones(value, positions.ndim()), positions.shape());
  auto flat = scatter(
      mx::flatten(array),
      {mx::flatten(positions)},
      mx::reshape(updates, {static_cast<int>(positions.size()), 1}),
      {0},
      {});
  return mx::reshape(flat, array.shape());
}

mx::array masked(const mx::array& array, mx::array mask, const mx::array& value) {
  if (mask.ndim() > array.ndim()) {
    throw std::invalid_argument("A mask must not have more dimensions than the array.");
  }
  while (mask.ndim() < array.ndim()) {
    mask = mx::expand_dims(mask, -1);
  }
  if (value.size() == 1) {
    return mx::where(mask, mx::reshape(value, {}), array);
  }
  return mx::masked_scatter(array, mx::broadcast_to(mask, array.shape()), value);
}

bool is_mask(const py::object& index) {
  return py::isinstance<mx::array>(index) && index.cast<const mx::array&>().dtype() == mx::bool_;
}

// `array.at[index].add(value)`: unlike `array[index] += value`, a position named twice counts twice.
struct ArrayAt {
  mx::array array;
  std::optional<py::object> index;

  mx::array update(const py::object& value, Scatter scatter, bool negate, bool invert) const {
    if (!index) {
      throw std::invalid_argument("Name the elements first: array.at[index].add(value)");
    }
    auto number = mx::astype(operand(value, array.dtype()), array.dtype());
    if (negate) {
      number = mx::negative(number);
    }
    if (invert) {
      number = mx::astype(mx::reciprocal(number), array.dtype());
    }
    return scattered(array, *index, number, scatter);
  }
};

}  // namespace

mx::array with_item(const mx::array& array, const py::object& index, const py::object& value) {
  auto number = mx::astype(operand(value, array.dtype()), array.dtype());
  if (is_mask(index)) {
    return masked(array, index.cast<mx::array>(), number);
  }
  auto written = with_slice(array, index, without_leading_ones(number, item_at(array, index).ndim()));
  return written ? *written : scattered(array, index, number, &mx::scatter);
}

void define_indexing(ArrayClass& type) {
  type.def("__getitem__", &item_at);
  type.def("__setitem__", [](mx::array& array, const py::object& index, const py::object& value) {
    array.overwrite_descriptor(with_item(array, index, value));
  });
}

void define_updates(py::module_& module, ArrayClass& type) {
  auto updater = [](Scatter scatter, bool negate = false, bool invert = false) {
    return [=](const ArrayAt& at, const py::object& value) {
      return at.update(value, scatter, negate, invert);
    };
  };
  py::class_<ArrayAt>(module, "ArrayAt")
      .def("__getitem__", [](const ArrayAt& at, py::object index) { return ArrayAt{at.array, index}; })
      .def("add", updater(&mx::scatter_add), py::arg("value"))
      .def("subtract", updater(&mx::scatter_add, true), py::arg("value"))
      .def("multiply", updater(&mx::scatter_prod), py::arg("value"))
      .def("divide", updater(&mx::scatter_prod, false, true), py::arg("value"))
      .def("maximum", updater(&mx::scatter_max), py::arg("value"))
      .def("minimum", updater(&mx::scatter_min), py::arg("value"));
  type.def_property_readonly(
      "at", [](const mx::array& array) { return ArrayAt{array, std::nullopt}; });
}

}  // namespace binding
