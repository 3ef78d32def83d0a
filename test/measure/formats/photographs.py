"""Writes the photographs of the comparison as PNG: python photographs.py FOLDER. Needs scikit-image and matplotlib."""
import sys
from os.path import join

import matplotlib
from PIL import Image
from skimage import data

# All in the public domain, or given to it (CC0), by the notes of the packages that bring them.
SCIKIT_IMAGE = ['astronaut', 'camera', 'chelsea', 'coffee', 'grass', 'gravel', 'hubble_deep_field', 'retina', 'rocket']

for name in SCIKIT_IMAGE:
    Image.fromarray(getattr(data, name)()).convert('RGB').save(join(sys.argv[1], name + '.png'))
# A photograph of the US Navy.
Image.open(join(matplotlib.get_data_path(), 'sample_data', 'grace_hopper.jpg')).convert('RGB').save(join(sys.argv[1], 'grace_hopper.png'))
