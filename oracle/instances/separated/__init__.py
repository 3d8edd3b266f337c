"""The tier *separated*: an exact judge says what is right, and functionals keep inputs apart."""
