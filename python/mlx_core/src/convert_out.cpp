#include <pybind11/complex.h>

#include <complex>
#include <stdexcept>

#include "convert.h"

namespace binding {
namespace {

template <typename T>
py::object python_scalar(T value) {
  if constexpr (std::is_same_v<T, bool>) {
    return py::bool_(value);
  } else if constexpr (std::is_integral_v<T>) {
    return py::int_(value);
  } else if constexpr (std::is_same_v<T, mx::complex64_t>) {
    return py::cast(std::complex<double>(value.real(), value.imag()));
  } else {
    return py::float_(static_cast<double>(value));
  }
}

template <typename T>
py::object nested(const mx::array& array, size_t axis, const T*& next) {
  if (axis == array.ndim()) {
    return python_scalar(*next++);
  }
  auto length = array.shape(static_cast<int>(axis));
  py::list list(length);
  for (int i = 0; i < length; ++i) {
    list[i] = nested(array, axis + 1, next);
  }
  return list;
}

template <typename T>
py::object nested(const mx::array& array) {
  const T* first = array.data<T>();
  return nested(array, 0, first);
}

// Evaluated, with its elements in row order without gaps.
mx::array settled(mx::array array) {
  evaluate({array});
  if (!array.flags().row_contiguous) {
    array = mx::contiguous(array);
    evaluate({array});
  }
  return array;
}

}  // namespace

py::object list_of(mx::array array) {
  array = settled(std::move(array));
  switch (array.dtype()) {
    case mx::bool_:
      return nested<bool>(array);
    case mx::uint8:
      return nested<uint8_t>(array);
    case mx::uint16:
      return nested<uint16_t>(array);
    case mx::uint32:
      return nested<uint32_t>(array);
    case mx::uint64:
      return nested<uint64_t>(array);
    case mx::int8:
      return nested<int8_t>(array);
    case mx::int16:
      return nested<int16_t>(array);
    case mx::int32:
      return nested<int32_t>(array);
    case mx::int64:
      return nested<int64_t>(array);
    case mx::float16:
      return nested<mx::float16_t>(array);
    case mx::bfloat16:
      return nested<mx::bfloat16_t>(array);
    case mx::float32:
      return nested<float>(array);
    case mx::float64:
      return nested<double>(array);
    default:
      return nested<mx::complex64_t>(array);
  }
}

py::object scalar_of(mx::array array) {
  if (array.size() != 1) {
    throw std::invalid_argument(
        "[convert] Only length-1 arrays can be converted to Python scalars.");
  }
  return list_of(mx::reshape(std::move(array), {}));
}

py::bytes bytes_of(mx::array array) {
  array = settled(std::move(array));
  return py::bytes(array.data<char>(), array.nbytes());
}

}  // namespace binding
