import { readDocument, redrawn, writeDocument } from './drawings';

/** `npm run draw:imports`: draws the imports in docs/architecture.md as they are now. */
writeDocument(redrawn(readDocument()));
