"""The other room that knows Streamlit: filter bar, cached reads, charts, tables, wording, notices."""
