#include "mlx/compile.h"

#include <atomic>

#include "binding.h"
#include "compiled_function.h"

namespace binding {

void define_compile(py::module_& module) {
  // One mode for the module, changed by enable_compile and disable_compile.
  auto asked = initial_compile_mode();
  auto mode = std::make_shared<std::atomic<CompileMode>>(asked);

  py::class_<CompiledFunction, std::shared_ptr<CompiledFunction>>(module, "_CompiledFunction")
      .def(
          "__call__",
          [mode](CompiledFunction& function, const py::args& args, const py::kwargs& kwargs) {
            return function(args, kwargs, *mode);
          })
      // Used as a method, it is bound as a plain function would be.
      .def(
          "__get__",
          [](py::object self, const py::object& instance, const py::object&) {
            if (instance.is_none()) {
              return self;
            }
            return py::object(py::module_::import("types").attr("MethodType")(self, instance));
          },
          py::arg("instance"), py::arg("owner") = py::none())
      .def_property_readonly("__wrapped__", &CompiledFunction::wrapped)
      // Its name and whatever else it is asked for are the function's.
      .def("__getattr__", [](const CompiledFunction& function, const std::string& name) {
        return py::getattr(function.wrapped(), name.c_str());
      });
  module.def(
      "compile",
      [](py::object function, const py::object& inputs, const py::object& outputs, bool shapeless) {
        auto tree = [](const py::object& state) -> py::object {
          return state.is_none() ? py::object(py::tuple()) : state;
        };
        return std::make_shared<CompiledFunction>(
            std::move(function), tree(inputs), tree(outputs), shapeless);
      },
      py::arg("fun"), py::arg("inputs") = py::none(), py::arg("outputs") = py::none(),
      py::arg("shapeless") = false);
  module.def("disable_compile", [mode] {
    *mode = CompileMode::off;
    mx::disable_compile();
  });
  module.def("enable_compile", [mode, asked] {
    *mode = asked == CompileMode::off ? CompileMode::replay : asked;
    mx::enable_compile();
  });
}

}  // namespace binding
