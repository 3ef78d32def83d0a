/** Ids of warnings. They are API: users acknowledge warnings by them. docs/warnings.md of the package tells of each. */
export const WARNINGS = {
  OUTPUT_KEY_COLLISION: 'cdk-image-resize-pipeline:outputKeyCollision',
  LEADING_SLASH: 'cdk-image-resize-pipeline:leadingSlash',
  IMPORTED_BUCKET: 'cdk-image-resize-pipeline:importedBucket',
  IMPORTED_BUCKET_CORS: 'cdk-image-resize-pipeline:importedBucketCors',
  IMPORTED_KEY: 'cdk-image-resize-pipeline:importedKey',
  IMPORTED_TOPIC: 'cdk-image-resize-pipeline:importedTopic',
  MANAGED_NOTIFICATIONS: 'cdk-image-resize-pipeline:managedNotifications',
  EXPIRY_LEAVES_RENDITIONS: 'cdk-image-resize-pipeline:expiryLeavesRenditions',
  IMPORTED_ROLE: 'cdk-image-resize-pipeline:importedRole',
  ANY_DISTRIBUTION: 'cdk-image-resize-pipeline:anyDistribution',
  SHARED_OUTPUTS: 'cdk-image-resize-pipeline:sharedOutputs',
} as const;
