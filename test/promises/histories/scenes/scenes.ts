import { Change } from '../config';
import { History, Kind, Operation, Removal, Upload } from '../history';

const WHEN = { key: 'a/x', copies: 1, stillborn: false, after: 0, seconds: 1 };

function upload(kind: Kind, more: Partial<Upload & Operation> = {}): Operation {
  return { ...WHEN, type: 'upload', kind, again: false, silent: false, ...more } as Operation;
}

const remove = (more: { copies?: number } = {}, type: Removal = 'remove'): Operation => ({ ...WHEN, type, ...more });
const configure = (change: Change): Operation => ({ ...WHEN, type: 'configure', change });

function scene(operations: readonly Operation[], more: Partial<History> = {}): History {
  return {
    operations,
    profiles: 1,
    focus: { ids: 'any', kinds: 'any', copies: 'any', keys: 'any' },
    trigger: 'queue',
    schedule: 'runs',
    renews: 'events',
    batchSize: 1,
    mixedForms: false,
    deletes: 'renditions',
    outputKey: '{key}/{profile}.{ext}',
    imageId: 'metadata',
    expireAfter: 0,
    namesFormer: false,
    versionedSource: false,
    versionedOutput: false,
    ownETags: false,
    listsOutputs: true,
    tells: false,
    tape: [],
    faults: 0,
    ...more,
  };
}

const ONE = { imageId: 'named-1' };
const TWO = { imageId: 'named-2' };

/** At so many turns somebody else goes first. */
export const SWITCHES = 2;

/** Few events that meet in many ways, what goes wrong between them being rare where everything is random. */
export const SCENES: Readonly<Record<string, History>> = {
  'an image, a deployment, and what cannot be decoded': scene([upload('a', { copies: 2 }), configure('profiles'), upload('broken')]),
  'copies of what cannot be decoded, and an image under another id': scene([upload('broken', { ...ONE, copies: 2 }), upload('a', TWO)]),
  'copies of an image with an id, and one without': scene([upload('a', { ...ONE, copies: 2 }), upload('b')]),
  'copies of an image with an id, and what is no image': scene([upload('a', { ...ONE, copies: 2 }), upload('empty')]),
  'copies of an image, and what is no image': scene([upload('a', { copies: 2 }), upload('empty')]),
  'copies of an image with an id, and what cannot be decoded': scene([upload('a', { ...ONE, copies: 2 }), upload('broken')]),
  'an id, another, and the first again': scene([upload('a', ONE), upload('b', TWO), upload('a', ONE)]),
  'an id, another, the first again, and nothing': scene([upload('a', ONE), upload('b', TWO), upload('a', ONE), remove()]),
  'a deletion, while the object comes and goes': scene([upload('a', ONE), remove({ copies: 2 }), upload('b', ONE), remove()]),
  'originals that are deleted': scene([upload('a'), upload('b'), upload('a')], { deletes: 'sources' }),
  'a version that is removed': scene([upload('a'), upload('b', ONE), remove({}, 'revert')], { versionedSource: true }),
  'steps, while other versions come': scene([upload('a'), upload('b')], { trigger: 'stepFunctions' }),
  'steps, and a deployment': scene([upload('a', { copies: 2 }), configure('outputPrefix')], { trigger: 'stepFunctions', namesFormer: true }),
  'a request beside an event': scene([upload('a', { silent: true }), { ...WHEN, type: 'backfill', retryFailed: false, copies: 2 }, upload('b', ONE)]),
};
