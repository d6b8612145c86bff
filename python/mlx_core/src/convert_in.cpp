#include <pybind11/complex.h>

#include <complex>
#include <limits>
#include <stdexcept>

#include "convert.h"

namespace binding {
namespace {

enum class Kind { boolean, integer, real, complex };

std::string type_name(py::handle value) {
  return Py_TYPE(value.ptr())->tp_name;
}

bool fits_int32(int64_t number) {
  return number >= std::numeric_limits<int32_t>::min() &&
      number <= std::numeric_limits<int32_t>::max();
}

std::optional<Kind> kind_of(py::handle value) {
  auto* object = value.ptr();
  if (PyBool_Check(object)) {
    return Kind::boolean;
  }
  if (PyLong_Check(object)) {
    return Kind::integer;
  }
  if (PyFloat_Check(object)) {
    return Kind::real;
  }
  if (PyComplex_Check(object)) {
    return Kind::complex;
  }
  return std::nullopt;
}

std::optional<mx::array> array_by_protocol(py::handle value) {
  if (!py::hasattr(value, "__mlx__array__")) {
    return std::nullopt;
  }
  return value.attr("__mlx__array__")().cast<mx::array>();
}

mx::array scalar_array(py::handle value, Kind kind, std::optional<mx::Dtype> dtype) {
  switch (kind) {
    case Kind::boolean:
      return mx::array(value.cast<bool>(), dtype.value_or(mx::bool_));
    case Kind::integer: {
      auto number = value.cast<int64_t>();
      return mx::array(number, dtype.value_or(fits_int32(number) ? mx::int32 : mx::int64));
    }
    case Kind::real:
      return mx::array(value.cast<double>(), dtype.value_or(mx::float32));
    default:
      return mx::array(mx::complex64_t(value.cast<std::complex<float>>()), dtype.value_or(mx::complex64));
  }
}

// Nested lists, read once for their shape and the widest kind of number in them.
class NestedList {
 public:
  explicit NestedList(py::handle value) {
    measure(value, 0);
  }

  mx::array build(py::handle value, std::optional<mx::Dtype> dtype) {
    if (has_arrays_) {
      return stack(value, dtype);
    }
    switch (kind_.value_or(Kind::real)) {
      case Kind::boolean:
        return fill<bool>(value, dtype.value_or(mx::bool_));
      case Kind::integer:
        return fill<int64_t>(value, dtype.value_or(wide_ ? mx::int64 : mx::int32));
      case Kind::real:
        return fill<double>(value, dtype.value_or(mx::float32));
      default:
        return fill<mx::complex64_t>(value, dtype.value_or(mx::complex64));
    }
  }

 private:
  static bool is_list(py::handle value) {
    return PyList_Check(value.ptr()) || PyTuple_Check(value.ptr());
  }

  void measure(py::handle value, size_t depth) {
    auto list = py::reinterpret_borrow<py::sequence>(value);
    auto length = static_cast<int>(py::len(list));
    if (shape_.size() == depth) {
      if (depth_known_) {
        throw std::invalid_argument("Initialization encountered non-uniform length.");
      }
      shape_.push_back(length);
    } else if (shape_[depth] != length) {
      throw std::invalid_argument("Initialization encountered non-uniform length.");
    }
    for (auto item : list) {
      if (is_list(item)) {
        measure(item, depth + 1);
      } else {
        leaf(item, depth + 1);
      }
    }
  }

  void leaf(py::handle item, size_t depth) {
    if (py::isinstance<mx::array>(item) || py::hasattr(item, "__mlx__array__")) {
      has_arrays_ = true;
      return;
    }
    auto kind = kind_of(item);
    if (!kind) {
      throw std::invalid_argument(
          "Invalid type " + type_name(item) + " received in array initialization.");
    }
    depth_known_ = true;
    if (depth != shape_.size()) {
      throw std::invalid_argument("Initialization encountered non-uniform length.");
    }
    kind_ = kind_ ? std::max(*kind_, *kind) : *kind;
    wide_ = wide_ || (*kind == Kind::integer && !fits_int32(item.cast<int64_t>()));
  }

  static mx::array stack(py::handle value, std::optional<mx::Dtype> dtype) {
    std::vector<mx::array> parts;
    for (auto item : py::reinterpret_borrow<py::sequence>(value)) {
      parts.push_back(array_from(item, dtype));
    }
    return mx::stack(parts);
  }

  template <typename T>
  mx::array fill(py::handle value, mx::Dtype dtype) {
    std::vector<T> numbers;
    collect(value, numbers);
    return mx::array(numbers.begin(), shape_, dtype);
  }

  template <typename T>
  static T number(py::handle item) {
    if constexpr (std::is_same_v<T, mx::complex64_t>) {
      return mx::complex64_t(item.cast<std::complex<float>>());
    } else {
      return item.cast<T>();
    }
  }

  template <typename T>
  static void collect(py::handle value, std::vector<T>& numbers) {
    for (auto item : py::reinterpret_borrow<py::sequence>(value)) {
      if (is_list(item)) {
        collect(item, numbers);
      } else {
        numbers.push_back(number<T>(item));
      }
    }
  }

  mx::Shape shape_;
  std::optional<Kind> kind_;
  bool depth_known_ = false;
  bool has_arrays_ = false;
  bool wide_ = false;
};

// An integer beside an array takes the array's type; it must fit, and a bool array makes room.
mx::array integer_operand(py::handle value, std::optional<mx::Dtype> other) {
  auto number = value.cast<int64_t>();
  auto dtype = other.value_or(fits_int32(number) ? mx::int32 : mx::int64);
  if (dtype == mx::bool_) {
    return mx::array(number, mx::int32);
  }
  if (mx::issubdtype(dtype, mx::integer) && dtype.size() < sizeof(int64_t)) {
    auto range = mx::iinfo(dtype);
    if (number < range.min || number > static_cast<int64_t>(range.max)) {
      std::ostringstream message;
      message << "Converting " << number << " to " << dtype << " would result in overflow.";
      throw std::invalid_argument(message.str());
    }
  }
  return mx::array(number, dtype);
}

}  // namespace

mx::array array_from(py::handle value, std::optional<mx::Dtype> dtype) {
  stop_if_told();
  if (py::isinstance<mx::array>(value)) {
    auto array = value.cast<mx::array>();
    return dtype ? mx::astype(array, *dtype) : array;
  }
  if (auto kind = kind_of(value)) {
    return scalar_array(value, *kind, dtype);
  }
  if (PyList_Check(value.ptr()) || PyTuple_Check(value.ptr())) {
    return NestedList(value).build(value, dtype);
  }
  if (auto array = array_by_protocol(value)) {
    return dtype ? mx::astype(*array, *dtype) : *array;
  }
  if (PyObject_CheckBuffer(value.ptr())) {
    return array_from_buffer(value, dtype);
  }
  throw std::invalid_argument(
      "Invalid type " + type_name(value) + " received in array initialization.");
}

bool is_operand(py::handle value) {
  return py::isinstance<mx::array>(value) || kind_of(value) ||
      py::hasattr(value, "__mlx__array__") ||
      (!PyBytes_Check(value.ptr()) && PyObject_CheckBuffer(value.ptr()));
}

mx::array operand(py::handle value, std::optional<mx::Dtype> other, const char* operation) {
  stop_if_told();
  if (py::isinstance<mx::array>(value)) {
    return value.cast<mx::array>();
  }
  if (!is_operand(value)) {
    throw std::invalid_argument(
        std::string("Cannot perform ") + operation + " on an mlx.core.array and " +
        type_name(value));
  }
  auto kind = kind_of(value);
  if (!kind) {
    if (auto array = array_by_protocol(value)) {
      return *array;
    }
    return array_from_buffer(value, other);
  }
  switch (*kind) {
    case Kind::boolean:
      return mx::array(value.cast<bool>(), other.value_or(mx::bool_));
    case Kind::integer:
      return integer_operand(value, other);
    case Kind::real: {
      auto dtype = other.value_or(mx::float32);
      return mx::array(
          value.cast<double>(), mx::issubdtype(dtype, mx::floating) ? dtype : mx::float32);
    }
    default:
      return scalar_array(value, Kind::complex, std::nullopt);
  }
}

std::pair<mx::array, mx::array> operands(py::handle a, py::handle b, const char* operation) {
  bool first = py::isinstance<mx::array>(a);
  bool second = py::isinstance<mx::array>(b);
  if (first == second) {
    return {operand(a, std::nullopt, operation), operand(b, std::nullopt, operation)};
  }
  if (first) {
    auto left = a.cast<mx::array>();
    auto right = operand(b, left.dtype(), operation);
    return {std::move(left), std::move(right)};
  }
  auto right = b.cast<mx::array>();
  auto left = operand(a, right.dtype(), operation);
  return {std::move(left), std::move(right)};
}

}  // namespace binding
