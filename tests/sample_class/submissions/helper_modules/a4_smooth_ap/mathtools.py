import numpy as np


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


