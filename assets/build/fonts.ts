/** What librsvg is told of fonts: that which is shipped, and none of the machine, so that texts look the same wherever the function runs. */
export const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">node_modules/dejavu-fonts-ttf/ttf</dir>
</fontconfig>
`;
