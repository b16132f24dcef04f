"""Export of trained models to ONNX files, and the manifest that lists them."""
