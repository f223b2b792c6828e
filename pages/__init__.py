"""One module per menu entry; each only defines render(viewer)."""
