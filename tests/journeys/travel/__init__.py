"""Conversations that move from model to model: who is asked, who asks, and what must hold on the way."""
