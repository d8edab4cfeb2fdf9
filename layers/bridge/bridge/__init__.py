"""Inlet Bridge: from a SaaS webhook to an Adobe Experience Platform streaming inlet."""
