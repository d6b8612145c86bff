#include "mlx/array.h"

#include <sstream>

#include "binding.h"
#include "convert.h"

namespace binding {
namespace {

// The struct-module letter for a type; MLX's own name for the one that module has no letter for.
std::string buffer_format(mx::Dtype dtype) {
  switch (dtype) {
    case mx::bool_:
      return "?";
    case mx::uint8:
      return "B";
    case mx::uint16:
      return "H";
    case mx::uint32:
      return "I";
    case mx::uint64:
      return "Q";
    case mx::int8:
      return "b";
    case mx::int16:
      return "h";
    case mx::int32:
      return "i";
    case mx::int64:
      return "q";
    case mx::float16:
      return "e";
    case mx::bfloat16:
      return "bfloat16";
    case mx::float32:
      return "f";
    case mx::float64:
      return "d";
    default:
      return "Zf";
  }
}

py::buffer_info buffer_of(mx::array& array) {
  evaluate({array});
  auto itemsize = static_cast<py::ssize_t>(array.itemsize());
  std::vector<py::ssize_t> shape(array.shape().begin(), array.shape().end());
  std::vector<py::ssize_t> strides;
  for (auto stride : array.strides()) {
    strides.push_back(stride * itemsize);
  }
  return py::buffer_info(
      array.data<char>(),
      itemsize,
      buffer_format(array.dtype()),
      static_cast<py::ssize_t>(array.ndim()),
      std::move(shape),
      std::move(strides));
}

// Walks the first axis.
class Rows {
 public:
  explicit Rows(mx::array array) : array_(std::move(array)) {
    if (array_.ndim() == 0) {
      throw py::type_error("iteration over 0-dimensional array.");
    }
  }

  mx::array next() {
    if (row_ >= array_.shape(0)) {
      throw py::stop_iteration();
    }
    return mx::take(array_, row_++, 0);
  }

 private:
  mx::array array_;
  int row_ = 0;
};

int length_of(const mx::array& array) {
  if (array.ndim() == 0) {
    throw py::type_error("len() 0-dimensional array.");
  }
  return array.shape(0);
}

void define_conversions(ArrayClass& type) {
  type.def("item", [](const mx::array& array) { return scalar_of(array); })
      .def("tolist", [](const mx::array& array) { return list_of(array); })
      .def("__bytes__", [](const mx::array& array) { return bytes_of(array); })
      .def("__bool__", [](const mx::array& array) { return py::bool_(scalar_of(array)); })
      .def("__int__", [](const mx::array& array) { return py::int_(scalar_of(array)); })
      .def("__float__", [](const mx::array& array) { return py::float_(scalar_of(array)); })
      .def(
          "__complex__",
          [](const mx::array& array) {
            return scalar_of(mx::astype(array, mx::complex64));
          })
      .def(
          "__index__",
          [](const mx::array& array) {
            if (!mx::issubdtype(array.dtype(), mx::integer)) {
              throw py::type_error("Only integer arrays can be an index.");
            }
            return scalar_of(array);
          })
      .def(
          "astype",
          [](const mx::array& array, mx::Dtype dtype, StreamOrDevice stream) {
            return mx::astype(array, dtype, stream);
          },
          py::arg("dtype"),
          stream_argument())
      .def("__copy__", [](const mx::array& array) { return mx::array(array); })
      .def("__deepcopy__", [](const mx::array& array, const py::dict&) { return mx::array(array); });
}

}  // namespace

void evaluate(std::vector<mx::array> arrays) {
  stop_if_told();
  py::gil_scoped_release unlocked;
  mx::eval(std::move(arrays));
}

std::vector<int> axes_of(const mx::array& array, const Axes& axes) {
  if (auto* one = std::get_if<int>(&axes)) {
    return {*one};
  }
  if (auto* several = std::get_if<std::vector<int>>(&axes)) {
    return *several;
  }
  std::vector<int> every(array.ndim());
  for (size_t i = 0; i < every.size(); ++i) {
    every[i] = static_cast<int>(i);
  }
  return every;
}

ArrayClass define_array(py::module_& module) {
  mx::get_global_formatter().capitalize_bool = true;
  ArrayClass type(module, "array", py::buffer_protocol());
  py::class_<Rows>(module, "ArrayIterator")
      .def("__next__", &Rows::next)
      .def("__iter__", [](py::object self) { return self; });
  type.def(
          py::init([](const py::object& value, std::optional<mx::Dtype> dtype) {
            return array_from(value, dtype);
          }),
          py::arg("val").none(false),
          py::arg("dtype") = py::none())
      .def_buffer(&buffer_of)
      .def_property_readonly("shape", [](const mx::array& array) { return array.shape(); })
      .def_property_readonly("dtype", [](const mx::array& array) { return array.dtype(); })
      .def_property_readonly("ndim", &mx::array::ndim)
      .def_property_readonly("size", &mx::array::size)
      .def_property_readonly("itemsize", &mx::array::itemsize)
      .def_property_readonly("nbytes", &mx::array::nbytes)
      .def_property_readonly("T", [](const mx::array& array) { return mx::transpose(array); })
      .def_property_readonly(
          "mT", [](const mx::array& array) { return mx::matrix_transpose(array); })
      .def_property_readonly("real", [](const mx::array& array) { return mx::real(array); })
      .def_property_readonly("imag", [](const mx::array& array) { return mx::imag(array); })
      .def("__len__", &length_of)
      .def("__iter__", [](const mx::array& array) { return Rows(array); })
      .def("__repr__", [](const mx::array& array) {
        evaluate({array});
        std::ostringstream text;
        text << array;
        return text.str();
      });
  define_conversions(type);
  return type;
}

}  // namespace binding
