"""The floor as a server: garbage collection tamed as the app's is, unless it stands for Streamlit as it comes."""

import os
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from tests.speed import constants
from ui import collection

go.Figure(go.Bar()).to_json()
constants.recordings(Path(os.environ["RECORDINGS"]))
if "DUEWATCH_BENCH_UNTAMED" not in os.environ:
    collection.tame()
app = st.App(Path(__file__).parent / "floor_door.py")
