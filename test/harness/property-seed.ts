// Every property test draws its cases from one seed, so that a change is judged on the same cases as the one before it.
// `npm run fuzz` draws others.
import fc from 'fast-check';

const usual = 20_260_101;

fc.configureGlobal({ seed: Number(process.env.HEADROOM_SEED ?? usual) });
