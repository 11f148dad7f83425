"""The planted stories, one a module, and the few parties that join them."""
