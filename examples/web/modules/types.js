// @ts-check
/**
 * What the page and its back end say to each other.
 *
 * @typedef {'PENDING' | 'PROCESSING' | 'COMPLETED' | 'FAILED'} Status
 *
 * @typedef {object} Rendition
 * @property {string} name unique within the image
 * @property {string} profile
 * @property {string} format such as `jpeg`
 * @property {string} contentType
 * @property {number} width
 * @property {number} height
 * @property {number} bytes
 * @property {number} reductionPercent against the original; negative when larger
 * @property {string} url may expire
 * @property {string} [downloadUrl] the same file, to be saved under a good name
 *
 * @typedef {object} Original
 * @property {number} width
 * @property {number} height
 * @property {string} format
 * @property {number} bytes
 * @property {string} [thumbHash] in base64: what it looks like from far away
 * @property {boolean} [hasAlpha] not in lists, as what follows
 * @property {number} [paletteSize]
 * @property {{ takenAt?: string, cameraMake?: string, cameraModel?: string, hasPosition: boolean }} [exif]
 *
 * @typedef {object} Image
 * @property {string} imageId
 * @property {Status} status
 * @property {string} fileName
 * @property {string} uploadedAt
 * @property {string} [processedAt]
 * @property {Original} [original]
 * @property {Rendition[]} renditions smallest first
 * @property {{ code: string, message: string, detail?: string }} [failure]
 * @property {{ name: string, code: string, message: string }[]} [skipped] what could not be made
 * @property {number} [savedBytes] less than the original has, by the smallest file of the largest size
 * @property {{ url: string, downloadUrl?: string }} [source] the original, where the owner of the stack allows it
 *
 * @typedef {{ images: Image[], cursor?: string }} ImagePage
 *
 * @typedef {{ width?: number, height?: number }} RequestedSize
 *
 * @typedef {object} UploadTicket
 * @property {string} imageId
 * @property {string} [expiresAt]
 * @property {'POST' | 'PUT'} method
 * @property {string} url
 * @property {Record<string, string>} [fields] of the form, for POST
 * @property {Record<string, string>} [headers] for PUT
 *
 * @typedef {object} Config
 * @property {string} api without a slash at its end
 * @property {'multipart' | 'presigned'} uploads
 * @property {string} title
 * @property {number} [maxBytes]
 * @property {boolean} deletes
 * @property {string[]} contentTypes
 * @property {{ maxWidth: number, maxHeight: number }} [requestedSize]
 */

export {};
