"""The functions that expressions may call, one file per type of receiver and one dict entry per method.

A method is ``(receiver, arguments) -> value``, exact as in JavaScript: it raises JsError where JavaScript
throws, and DeclinedError where the exact answer is not known here.
"""

from towpath.expr.methods.lookup import FUNCTIONS, METHODS, NAMESPACES, Method, no_method

__all__ = ["FUNCTIONS", "METHODS", "NAMESPACES", "Method", "no_method"]
