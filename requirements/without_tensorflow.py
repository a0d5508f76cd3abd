"""Lets Rasa start where TensorFlow is not installed.

Rasa 3.6 imports TensorFlow as it starts, whatever the pipeline is. `./banshi` puts this file into the rasa
environment, beside a `.pth` file that imports it in every Python there: so the plain `rasa` command works.
Rasa's modules get placeholders to derive from and to annotate with; whoever uses one gets one clear sentence.
Where TensorFlow is installed, and for every other library that looks for it, nothing changes.
docs/decisions/002-no-tensorflow.md says why.
"""

import sys
from abc import ABCMeta
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

NAMES = {"keras", "tensorflow", "tensorflow_hub", "tensorflow_text"}


class Placeholder(ABCMeta):
    """A class that stands for anything in TensorFlow: it has every attribute, and cannot be called."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return placeholder(f"{cls.__module__}.{name}")

    def __call__(cls, *args, **kwargs):
        if args and callable(args[0]) and cls.__module__ == "tensorflow.function":
            return args[0]  # the decorator @tf.function, which Rasa uses while it is being imported
        from rasa.shared.exceptions import RasaException  # reported by the rasa command as one line

        raise RasaException(
            "This component needs TensorFlow, which is not installed here "
            "(DIETClassifier, TEDPolicy, UnexpecTEDIntentPolicy and ResponseSelector do). "
            "Take it out of config.yml, or use ./banshi stock in place of ./banshi rasa: it adds TensorFlow, "
            "as `make bench-stock` does."
        )


def placeholder(name):
    return Placeholder(name.rpartition(".")[2], (), {"__module__": name})


class PlaceholderModule(ModuleType):
    __path__ = ()  # makes it a package, so that its submodules are looked for too

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return placeholder(f"{self.__name__}.{name}")


class Finder:
    """Stands last in `sys.meta_path`: it is asked only for what nobody else has found."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in NAMES or not asked_by_rasa() or PathFinder.find_spec("tensorflow"):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return PlaceholderModule(spec.name)

    def exec_module(self, module):
        pass


def asked_by_rasa():
    """Whether Rasa itself imports: others probe for TensorFlow and must see that there is none."""
    frame = sys._getframe(2)
    while frame and frame.f_globals.get("__name__", "").startswith("importlib._bootstrap"):
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__", "").startswith("rasa.")


sys.meta_path.append(Finder())
