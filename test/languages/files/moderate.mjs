export default ({ width }) => width < 100 ? { refuse: { code: 'TOO_SMALL', message: 'Upload a larger picture.' } } : {};
