{
    'name': 'Peers for the benchmarks of restapi_oauth2',
    'summary': 'Routes that do nothing, read a row, insert a row: what everything else is compared with',
    'version': '19.0.1.0.0',
    'category': 'Hidden',
    'author': 'The restapi_oauth2 authors',
    'license': 'LGPL-3',
    'depends': ['restapi_oauth2'],
    'installable': True,
}
