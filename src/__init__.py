"""Dragoman: any model-API wire format in, any provider out, nothing lost in silence."""
