/** The packaged handler with one image. */
import type { Job, Work } from './job';
import { measure } from './measure';
import { packagedHandler } from './packaged-handler';

void measure((job: Job): Promise<Work> => packagedHandler(job, [job.warmUp, job.file]));
