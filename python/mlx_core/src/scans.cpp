#include "binding.h"

namespace binding {
namespace {

using Axis = std::optional<int>;
using Typed = std::optional<mx::Dtype>;

struct TypedScan {
  const char* name;
  mx::array (*along)(const mx::array&, int, bool, bool, Typed, StreamOrDevice);
  mx::array (*flat)(const mx::array&, bool, bool, Typed, StreamOrDevice);
};

struct Scan {
  const char* name;
  mx::array (*along)(const mx::array&, int, bool, bool, StreamOrDevice);
  mx::array (*flat)(const mx::array&, bool, bool, StreamOrDevice);
};

const TypedScan typed_scans[] = {
    {"cumsum", &mx::cumsum, &mx::cumsum},
    {"cumprod", &mx::cumprod, &mx::cumprod},
};

const Scan scans[] = {
    {"cummax", &mx::cummax, &mx::cummax},
    {"cummin", &mx::cummin, &mx::cummin},
    {"logcumsumexp", &mx::logcumsumexp, &mx::logcumsumexp},
};

}  // namespace

void define_scans(py::module_& module, ArrayClass& type) {
  for (auto& entry : typed_scans) {
    auto scan = [entry](
                    const mx::array& a, Axis axis, bool reverse, bool inclusive, Typed dtype,
                    StreamOrDevice stream) {
      return axis ? entry.along(a, *axis, reverse, inclusive, dtype, stream)
                  : entry.flat(a, reverse, inclusive, dtype, stream);
    };
    module.def(
        entry.name, scan, py::arg("a"), py::pos_only(), py::arg("axis") = py::none(), py::kw_only(),
        py::arg("reverse") = false, py::arg("inclusive") = true, py::arg("dtype") = py::none(),
        stream_argument());
    type.def(
        entry.name, scan, py::arg("axis") = py::none(), py::kw_only(), py::arg("reverse") = false,
        py::arg("inclusive") = true, py::arg("dtype") = py::none(), stream_argument());
  }
  for (auto& entry : scans) {
    auto scan = [entry](
                    const mx::array& a, Axis axis, bool reverse, bool inclusive,
                    StreamOrDevice stream) {
      return axis ? entry.along(a, *axis, reverse, inclusive, stream)
                  : entry.flat(a, reverse, inclusive, stream);
    };
    module.def(
        entry.name, scan, py::arg("a"), py::pos_only(), py::arg("axis") = py::none(), py::kw_only(),
        py::arg("reverse") = false, py::arg("inclusive") = true, stream_argument());
    type.def(
        entry.name, scan, py::arg("axis") = py::none(), py::kw_only(), py::arg("reverse") = false,
        py::arg("inclusive") = true, stream_argument());
  }
  module.def(
      "diff", &mx::diff, py::arg("a"), py::pos_only(), py::arg("n") = 1, py::arg("axis") = -1,
      py::kw_only(), stream_argument());
}

}  // namespace binding
