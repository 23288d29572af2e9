"""Parts of `saphan bench search`: the composed documents, the engines it is compared with, the figures."""
