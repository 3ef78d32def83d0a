/** Colours of profiles, in sRGB. */
export const COLOUR = /^(#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?|transparent)$/;
export const COLOUR_RULE = '#rrggbb, #rrggbbaa or transparent';
