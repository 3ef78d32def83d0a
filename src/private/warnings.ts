/** Ids of warnings. They are API: users acknowledge warnings by them. */
export const WARNINGS = {
  OUTPUT_KEY_COLLISION: 'cdk-image-resize-pipeline:outputKeyCollision',
  LEADING_SLASH: 'cdk-image-resize-pipeline:leadingSlash',
  IMPORTED_KEY: 'cdk-image-resize-pipeline:importedKey',
  IMPORTED_ROLE: 'cdk-image-resize-pipeline:importedRole',
} as const;
