import { testGrid } from './page/grid';
import { testLightness } from './page/lightness';
import { testManyImages } from './page/many-images';
import { PageContext } from './page/page-context';
import { testPeople } from './page/people';
import { testSelection } from './page/selection';
import { testUploads } from './page/uploads';
import { testViewer } from './page/viewer';

jest.setTimeout(120_000);

/** The page by itself, before an API that does at once what it is told: one browser for all themes. */
const context = new PageContext();
beforeAll(() => context.start());
afterAll(() => context.stop());
afterEach(() => context.reset());

describe('uploads', () => testUploads(context));
describe('many images', () => testManyImages(context));
describe('the grid', () => testGrid(context));
describe('a selection', () => testSelection(context));
describe('the viewer', () => testViewer(context));
describe('people', () => testPeople(context));
describe('what is loaded', () => testLightness(context));
