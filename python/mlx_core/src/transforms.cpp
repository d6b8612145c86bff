#include "mlx/transforms.h"

#include "binding.h"
#include "tree.h"

namespace binding {
namespace {

// A function with gradients of its own. Without gradients in this build it is the function itself;
// what would differentiate it is kept so that decorated code imports.
struct CustomFunction {
  py::object function;

  py::object call(const py::args& args, const py::kwargs& kwargs) const {
    return function(*args, **kwargs);
  }
};

void evaluate_later(std::vector<mx::array> arrays) {
  stop_if_told();
  py::gil_scoped_release unlocked;
  mx::async_eval(std::move(arrays));
}

}  // namespace

void define_transforms(py::module_& module) {
  module.def("eval", [](const py::args& trees) { evaluate(arrays_in(trees)); });
  module.def("async_eval", [](const py::args& trees) { evaluate_later(arrays_in(trees)); });
  module.def(
      "depends",
      [](const py::object& inputs, const py::object& dependencies) {
        auto outputs = mx::depends(arrays_in(py::make_tuple(inputs)), arrays_in(py::make_tuple(dependencies)));
        size_t next = 0;
        return with_arrays(inputs, outputs, next);
      },
      py::arg("inputs"), py::arg("dependencies"));
  auto keep_first = [](py::object self, const py::object&) { return self; };
  py::class_<CustomFunction>(module, "custom_function")
      .def(py::init<py::object>(), py::arg("f"))
      .def("__call__", &CustomFunction::call)
      .def("vjp", keep_first, py::arg("f"))
      .def("jvp", keep_first, py::arg("f"))
      .def("vmap", keep_first, py::arg("f"));
}

}  // namespace binding
