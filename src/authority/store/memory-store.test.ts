import { describeAuthorityStore } from '../../../spec/conformance/authority-store.ts';
import { createMemoryStore } from './memory-store.ts';

describeAuthorityStore('memory', async () => createMemoryStore());
