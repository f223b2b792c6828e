"""Planted faults and their look-alikes: accounts of which it is known by construction what every rule must say."""
