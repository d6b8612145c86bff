#include <stdexcept>

#include "binding.h"
#include "convert.h"

namespace binding {
namespace {

using Binary = mx::array (*)(const mx::array&, const mx::array&, StreamOrDevice);

struct Operator {
  const char* name;
  Binary function;
  const char* description;
  bool reflected = true;
  bool bits_only = false;
};

mx::array logical_or_bits(const mx::array& a, const mx::array& b, StreamOrDevice stream) {
  bool logical = a.dtype() == mx::bool_ && b.dtype() == mx::bool_;
  return logical ? mx::logical_or(a, b, stream) : mx::bitwise_or(a, b, stream);
}

mx::array logical_and_bits(const mx::array& a, const mx::array& b, StreamOrDevice stream) {
  bool logical = a.dtype() == mx::bool_ && b.dtype() == mx::bool_;
  return logical ? mx::logical_and(a, b, stream) : mx::bitwise_and(a, b, stream);
}

const Operator operators[] = {
    {"add", &mx::add, "addition"},
    {"sub", &mx::subtract, "subtraction"},
    {"mul", &mx::multiply, "multiplication"},
    {"truediv", &mx::divide, "division"},
    {"div", &mx::divide, "division"},
    {"floordiv", &mx::floor_divide, "floor division"},
    {"mod", &mx::remainder, "modulus"},
    {"pow", &mx::power, "power"},
    {"lshift", &mx::left_shift, "left shift", false, true},
    {"rshift", &mx::right_shift, "right shift", false, true},
    {"and", &logical_and_bits, "bitwise and", false, true},
    {"or", &logical_or_bits, "bitwise or", false, true},
    {"xor", &mx::bitwise_xor, "bitwise xor", false, true},
};

const Operator comparisons[] = {
    {"lt", &mx::less, "less than comparison"},
    {"le", &mx::less_equal, "less than or equal comparison"},
    {"gt", &mx::greater, "greater than comparison"},
    {"ge", &mx::greater_equal, "greater than or equal comparison"},
};

std::string dunder(const char* prefix, const char* name) {
  return std::string("__") + prefix + name + "__";
}

mx::array apply(const Operator& op, const mx::array& self, const py::object& other) {
  auto right = operand(other, self.dtype(), op.description);
  bool real = mx::issubdtype(self.dtype(), mx::inexact) || mx::issubdtype(right.dtype(), mx::inexact);
  if (op.bits_only && real) {
    throw std::invalid_argument(
        std::string("Floating point types not allowed with ") + op.description + ".");
  }
  return op.function(self, right, {});
}

void define_arithmetic(ArrayClass& type) {
  for (auto& op : operators) {
    type.def(
        dunder("", op.name).c_str(),
        [&op](const mx::array& self, const py::object& other) { return apply(op, self, other); },
        py::arg("other"));
    // As in MLX, every name of the array sees the change.
    type.def(
        dunder("i", op.name).c_str(),
        [&op](py::object self, const py::object& other) {
          auto& array = self.cast<mx::array&>();
          array.overwrite_descriptor(apply(op, array, other));
          return self;
        },
        py::arg("other"));
    if (op.reflected) {
      type.def(
          dunder("r", op.name).c_str(),
          [&op](const mx::array& self, const py::object& other) {
            return op.function(operand(other, self.dtype(), op.description), self, {});
          },
          py::arg("other"));
    }
  }
}

void define_comparisons(ArrayClass& type) {
  for (auto& op : comparisons) {
    type.def(
        dunder("", op.name).c_str(),
        [op](const mx::array& self, const py::object& other) {
          return op.function(self, operand(other, self.dtype(), op.description), {});
        },
        py::arg("other"));
  }
  // Anything that is no operand is not equal, as Python's own types have it.
  type.def(
      "__eq__",
      [](const mx::array& self, const py::object& other) -> py::object {
        if (!is_operand(other)) {
          return py::bool_(false);
        }
        return py::cast(mx::equal(self, operand(other, self.dtype())));
      },
      py::arg("other"));
  type.def(
      "__ne__",
      [](const mx::array& self, const py::object& other) -> py::object {
        if (!is_operand(other)) {
          return py::bool_(true);
        }
        return py::cast(mx::not_equal(self, operand(other, self.dtype())));
      },
      py::arg("other"));
  type.attr("__hash__") = py::module_::import("builtins").attr("object").attr("__hash__");
}

void define_matmul(ArrayClass& type) {
  auto product = [](const mx::array& self, const mx::array& other) { return mx::matmul(self, other); };
  type.def("__matmul__", product, py::arg("other"));
  type.def(
      "__imatmul__",
      [](py::object self, const mx::array& other) {
        auto& array = self.cast<mx::array&>();
        array.overwrite_descriptor(mx::matmul(array, other));
        return self;
      },
      py::arg("other"));
}

}  // namespace

void define_operators(ArrayClass& type) {
  define_arithmetic(type);
  define_comparisons(type);
  define_matmul(type);
  type.def(
          "__invert__",
          [](const mx::array& self) {
            return self.dtype() == mx::bool_ ? mx::logical_not(self) : mx::bitwise_invert(self);
          })
      .def("__neg__", [](const mx::array& self) { return mx::negative(self); })
      .def("__pos__", [](const mx::array& self) { return mx::positive(self); })
      .def("__abs__", [](const mx::array& self) { return mx::abs(self); });
}

}  // namespace binding
