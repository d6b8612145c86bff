#include <cstring>
#include <stdexcept>

#include "convert.h"

namespace binding {
namespace {


// The last letter of a struct-module format says the kind; the size tells the width, because `l`
// differs between platforms.
mx::Dtype dtype_of(const py::buffer_info& info) {
  std::string format = info.format;
  if (format == "bfloat16") {
    return mx::bfloat16;
  }
  if (!format.empty() && std::string("@=<").find(format[0]) != std::string::npos) {
    format = format.substr(1);
  }
  if (format == "Zf" || format == "F") {
    return mx::complex64;
  }
  char code = format.size() == 1 ? format[0] : '\0';
  auto size = static_cast<size_t>(info.itemsize);
  switch (code) {
    case '?':
      return mx::bool_;
    case 'e':
      return mx::float16;
    case 'f':
      return mx::float32;
    case 'd':
      return mx::float64;
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
      return size == 1 ? mx::int8 : size == 2 ? mx::int16 : size == 4 ? mx::int32 : mx::int64;
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q':
    case 'c':
      return size == 1 ? mx::uint8 : size == 2 ? mx::uint16 : size == 4 ? mx::uint32 : mx::uint64;
    default:
      throw std::invalid_argument(
          "A buffer of format '" + info.format + "' has no MLX type; cast it first.");
  }
}

bool is_row_contiguous(const py::buffer_info& info) {
  py::ssize_t expected = info.itemsize;
  for (auto axis = info.ndim - 1; axis >= 0; --axis) {
    if (info.shape[axis] != 1 && info.strides[axis] != expected) {
      return false;
    }
    expected *= info.shape[axis];
  }
  return true;
}

void gather(const py::buffer_info& info, py::ssize_t axis, const char* from, std::vector<char>& to) {
  if (axis == info.ndim) {
    to.insert(to.end(), from, from + info.itemsize);
    return;
  }
  for (py::ssize_t i = 0; i < info.shape[axis]; ++i) {
    gather(info, axis + 1, from + i * info.strides[axis], to);
  }
}

template <typename T>
mx::array copy_of(const void* data, mx::Shape shape, mx::Dtype dtype) {
  return mx::array(static_cast<const T*>(data), std::move(shape), dtype);
}

mx::array array_of(const void* data, mx::Shape shape, mx::Dtype dtype) {
  switch (dtype) {
    case mx::bool_:
      return copy_of<bool>(data, std::move(shape), dtype);
    case mx::uint8:
    case mx::int8:
      return copy_of<uint8_t>(data, std::move(shape), dtype);
    case mx::uint16:
    case mx::int16:
      return copy_of<uint16_t>(data, std::move(shape), dtype);
    case mx::uint32:
    case mx::int32:
      return copy_of<uint32_t>(data, std::move(shape), dtype);
    case mx::uint64:
    case mx::int64:
      return copy_of<uint64_t>(data, std::move(shape), dtype);
    case mx::float16:
      return copy_of<mx::float16_t>(data, std::move(shape), dtype);
    case mx::bfloat16:
      return copy_of<mx::bfloat16_t>(data, std::move(shape), dtype);
    case mx::float32:
      return copy_of<float>(data, std::move(shape), dtype);
    case mx::float64:
      return copy_of<double>(data, std::move(shape), dtype);
    default:
      return copy_of<mx::complex64_t>(data, std::move(shape), dtype);
  }
}

}  // namespace

mx::array array_from_buffer(py::handle value, std::optional<mx::Dtype> dtype) {
  auto info = py::reinterpret_borrow<py::buffer>(value).request();
  mx::Shape shape;
  for (auto length : info.shape) {
    shape.push_back(mx::safe_cast(length));
  }
  std::vector<char> gathered;
  const void* data = info.ptr;
  if (!is_row_contiguous(info)) {
    gathered.reserve(info.size * info.itemsize);
    gather(info, 0, static_cast<const char*>(info.ptr), gathered);
    data = gathered.data();
  }
  auto source = dtype_of(info);
  if (source == mx::float64) {
    // Converted element by element here: an operation on 64-bit floats runs on the CPU alone.
    return mx::array(static_cast<const double*>(data), std::move(shape), dtype.value_or(mx::float32));
  }
  auto array = array_of(data, std::move(shape), source);
  return dtype && *dtype != source ? mx::astype(array, *dtype) : array;
}

}  // namespace binding
